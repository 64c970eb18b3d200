# The measured programs: everything but the allocator is compiled once; add_measured_program(NAME)
# links it with libslab-NAME into slabmark-run-NAME.
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET GLOBAL libxxhash)

set(MEASURED_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MEASURED_BINARY_DIR ${CMAKE_CURRENT_BINARY_DIR}/measured)

# The commit is asked for at every build; build_info.c is compiled again only when it has changed.
add_custom_target(build_commit
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D HEADER=${MEASURED_BINARY_DIR}/build_commit.h
    -P ${MEASURED_SOURCE_DIR}/build_info.cmake
  BYPRODUCTS ${MEASURED_BINARY_DIR}/build_commit.h
  COMMENT "Asking git for the commit")

# What decides about the code: flags of the build type, -f, -m and -O options; no warnings, no paths.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_directory_property(directory_options COMPILE_OPTIONS)
list(FILTER directory_options INCLUDE REGEX "^-[fmO]")
list(FILTER directory_options EXCLUDE REGEX "[/$]")
list(JOIN directory_options " " directory_options)
string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${build_type}} ${directory_options}" compiler_flags)
string(REGEX REPLACE "-f[a-z-]*-prefix-map=[^ ]*|-I[^ ]*|-L[^ ]*" "" compiler_flags "${compiler_flags}")

add_library(build_info STATIC ${MEASURED_SOURCE_DIR}/build_info.c)
add_dependencies(build_info build_commit)
target_include_directories(build_info PRIVATE ${MEASURED_BINARY_DIR})
target_compile_definitions(build_info PRIVATE
  SLABMARK_VERSION="${PROJECT_VERSION}"
  "SLABMARK_COMPILER=\"${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}\""
  "SLABMARK_COMPILER_FLAGS=\"${compiler_flags}\""
  SLABMARK_BUILD_TYPE="${CMAKE_BUILD_TYPE}")

add_library(measured OBJECT gbench.cc machine.c measured.c measured_benchmark.c measured_list.c
  measured_options.c nearest.c own_counts.c placement.c thread_events.c ../results/escape.c ../results/fingerprint.c ../results/problem.c)
target_include_directories(measured PRIVATE ${PROJECT_SOURCE_DIR}/allocator/include)
target_link_libraries(measured PUBLIC benchmark::benchmark PkgConfig::HWLOC PkgConfig::JANSSON
  PkgConfig::XXHASH Threads::Threads)

# NAME, and the library that is its allocator.
function(link_measured_program NAME ALLOCATOR)
  add_executable(slabmark-run-${NAME} $<TARGET_OBJECTS:measured> $<TARGET_OBJECTS:workloads>)
  set_target_properties(slabmark-run-${NAME} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(slabmark-run-${NAME} PRIVATE ${ALLOCATOR} build_info benchmark::benchmark
    PkgConfig::HWLOC PkgConfig::JANSSON PkgConfig::XXHASH Threads::Threads ${CMAKE_DL_LIBS})
  # So that the program can look up how large they are (own_counts.c).
  target_link_options(slabmark-run-${NAME} PRIVATE
    LINKER:--export-dynamic-symbol=kmem_cache_alloc LINKER:--export-dynamic-symbol=kmem_cache_free)
endfunction()

function(add_measured_program NAME)
  link_measured_program(${NAME} slab-${NAME}-static)
  install(TARGETS slabmark-run-${NAME})
  if(BUILD_TESTING)
    add_test(NAME measured.${NAME} COMMAND harness-measured-test $<TARGET_FILE:slabmark-run-${NAME}>
      ${NAME} $<TARGET_FILE:slabmark-run-broken>)
  endif()
endfunction()

if(BUILD_TESTING)
  # What a measured program is made of, with a test's main in place of its own.
  foreach(test machine measured_options placement thread_events)
    add_executable(harness-${test}-test ${test}_test.c)
    target_link_libraries(harness-${test}-test PRIVATE PkgConfig::CMOCKA PkgConfig::HWLOC PkgConfig::XXHASH m)
    add_test(NAME harness.${test} COMMAND harness-${test}-test)
  endforeach()
  target_sources(harness-machine-test PRIVATE machine.c ../results/fingerprint.c)
  target_sources(harness-measured_options-test PRIVATE measured_options.c nearest.c ../results/escape.c ../results/problem.c
    $<TARGET_OBJECTS:workloads>)
  target_link_libraries(harness-measured_options-test PRIVATE slab-null-static)
  target_sources(harness-placement-test PRIVATE placement.c ../results/escape.c ../results/problem.c)
  target_sources(harness-thread_events-test PRIVATE thread_events.c)

  # The measured programs from outside; run for each config. One more has an allocator that fails on purpose.
  add_library(slab-broken STATIC measured_broken.c)
  target_include_directories(slab-broken PRIVATE ${PROJECT_SOURCE_DIR}/allocator/include)
  link_measured_program(broken slab-broken)
  set_target_properties(slabmark-run-broken PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${MEASURED_BINARY_DIR})
  add_executable(harness-measured-test measured_test.c process.c ../results/escape.c ../results/problem.c)
  target_link_libraries(harness-measured-test PRIVATE PkgConfig::CMOCKA PkgConfig::JANSSON m)
endif()
