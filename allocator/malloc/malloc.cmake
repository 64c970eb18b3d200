# libslabmalloc: malloc and its family on kmalloc of config default, for LD_PRELOAD; its tests; the larson benchmark.

# hwloc stays out: it asks for memory, and takes longer than many a program that is run this way.
function(slab_malloc_library)
  set(sources ${SLAB_SOURCES})
  list(REMOVE_ITEM sources ${SLAB_DIR}/host/topology_hwloc.c)
  list(APPEND sources ${SLAB_DIR}/host/topology_sysfs.c)
  foreach(source block_map early large malloc size_class start)
    list(APPEND sources ${SLAB_DIR}/malloc/${source}.c)
  endforeach()
  add_library(slabmalloc SHARED ${sources})
  slab_compile_settings(slabmalloc default)
  target_include_directories(slabmalloc PRIVATE ${SLAB_DIR}/include)
  # A compiler that knows what calloc does would make it call itself.
  target_compile_options(slabmalloc PRIVATE -ftls-model=initial-exec
    -fno-builtin-malloc -fno-builtin-calloc -fno-builtin-realloc -fno-builtin-free)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64") # prefetches for writing; where a processor has no such, it does nothing
    target_compile_options(slabmalloc PRIVATE -mprfchw)
  endif()
  target_link_libraries(slabmalloc PRIVATE PkgConfig::URCU Threads::Threads)
  target_link_options(slabmalloc PRIVATE -Wl,--version-script=${SLAB_DIR}/malloc/slabmalloc.map -Wl,-z,now
    -Wl,-z,nodelete -Wl,-z,defs)
  set_target_properties(slabmalloc PROPERTIES LINK_DEPENDS ${SLAB_DIR}/malloc/slabmalloc.map)
  install(TARGETS slabmalloc LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# The programs are linked with the library before the C library, so that their malloc is this one.
function(slab_malloc_tests)
  add_library(test-malloc-module MODULE ${SLAB_DIR}/malloc/malloc_test_module.c)
  foreach(test malloc malloc_errors malloc_threads)
    add_executable(test-${test} ${SLAB_DIR}/malloc/${test}_test.c)
    target_include_directories(test-${test} PRIVATE ${SLAB_DIR} ${SLAB_DIR}/include)
    target_compile_options(test-${test} PRIVATE -fno-builtin) # or a call whose result is not needed is none
    target_link_libraries(test-${test} PRIVATE slabmalloc Threads::Threads)
    add_test(NAME allocator/${test} COMMAND test-${test} $<$<STREQUAL:${test},malloc>:$<TARGET_FILE:test-malloc-module>>)
  endforeach()
  target_sources(test-malloc PRIVATE ${SLAB_DIR}/malloc/early.c ${SLAB_DIR}/host/reserve.c)
  foreach(program python3 sqlite3 redis git gcc node)
    add_test(NAME allocator/malloc-${program}
      COMMAND ${SLAB_DIR}/malloc/programs_test.sh $<TARGET_FILE:slabmalloc> ${program})
    set_tests_properties(allocator/malloc-${program} PROPERTIES SKIP_RETURN_CODE 77)
  endforeach()
  add_test(NAME allocator/malloc-start COMMAND ${SLAB_DIR}/malloc/start_test.sh $<TARGET_FILE:slabmalloc>)
  add_test(NAME allocator/malloc-larson COMMAND ${SLAB_DIR}/malloc/larson_test.sh $<TARGET_FILE:slabmark-larson> $<TARGET_FILE:slabmalloc>)
endfunction()

# Runs on any malloc.
add_executable(slabmark-larson ${SLAB_DIR}/malloc/larson.c)
target_link_libraries(slabmark-larson PRIVATE Threads::Threads)
install(TARGETS slabmark-larson DESTINATION ${CMAKE_INSTALL_BINDIR})

if(NOT SLABMARK_SANITIZE) # the sanitizers bring a malloc of their own
  slab_malloc_library()
  if(BUILD_TESTING)
    slab_malloc_tests()
  endif()
endif()

if(BUILD_TESTING)
  add_executable(test-topology_sysfs ${SLAB_DIR}/host/topology_sysfs_test.c ${SLAB_DIR}/host/topology_sysfs.c
    ${SLAB_DIR}/host/topology.c ${SLAB_DIR}/host/report.c)
  target_include_directories(test-topology_sysfs PRIVATE ${SLAB_DIR} ${SLAB_DIR}/include)
  target_link_libraries(test-topology_sysfs PRIVATE PkgConfig::CMOCKA)
  add_test(NAME allocator/topology_sysfs COMMAND test-topology_sysfs)
endif()
