# A copy of every test for each config, as allocator/NAME/TEST. A test that does not apply to a config says so and skips.

set(SLABMARK_GROUND_TRUTH ${PROJECT_SOURCE_DIR}/../shared/groundtruth CACHE PATH
  "Where tables of a real kernel's geometry are; what is absent is skipped")

set(SLAB_TESTS object nodes zeroing linux/linux model rollback show/slabinfo calls kmalloc cache start threads array/percpu_stress debug/debug planted/planted geometry host/backing host/pages host/pages_return host/host CACHE INTERNAL "")
set(planted_files attempt frees pointers writes freelists requests tunings)
set(SLAB_TEST_SOURCES_linux ${SLAB_DIR}/linux/kernel_code.c CACHE INTERNAL "")
list(TRANSFORM planted_files REPLACE "(.+)" "${SLAB_DIR}/planted/\\1_test.c")
set(SLAB_TEST_SOURCES_planted ${planted_files} CACHE INTERNAL "") # besides planted/planted_test.c

# Makes the program test-NAME-TEST from TEST_test.c and the static library of the config or peer.
function(slab_test NAME TEST)
  get_filename_component(base ${TEST} NAME)
  set(program test-${NAME}-${base})
  add_executable(${program} ${SLAB_DIR}/${TEST}_test.c ${ARGN})
  slab_compile_settings(${program} ${NAME})
  target_link_libraries(${program} PRIVATE slab-${NAME}-static PkgConfig::CMOCKA PkgConfig::URCU PkgConfig::HWLOC)
  add_test(NAME allocator/${NAME}/${base} COMMAND ${program})
  set_tests_properties(allocator/${NAME}/${base} PROPERTIES WORKING_DIRECTORY ${SLAB_DIR}/testdata)
  set_tests_properties(allocator/${NAME}/${base} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

function(add_slab_tests NAME)
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_library(slab-${NAME}-validity OBJECT ${SLAB_DIR}/validity.c)
  slab_compile_settings(slab-${NAME}-validity ${NAME})
  target_include_directories(slab-${NAME}-validity PRIVATE ${SLAB_DIR}/include)
  target_link_libraries(slab-${NAME}-validity PRIVATE PkgConfig::URCU)
  foreach(test IN LISTS SLAB_TESTS)
    get_filename_component(base ${test} NAME)
    slab_test(${NAME} ${test} ${SLAB_TEST_SOURCES_${base}} $<TARGET_OBJECTS:slab-${NAME}-validity>)
  endforeach()
  slab_tests_by_sequences(${NAME})
  add_test(NAME allocator/${NAME}/threads-on-4-nodes COMMAND test-${NAME}-threads "node:4 core:2 pu:1")
  add_test(NAME allocator/${NAME}/inspect
    COMMAND ${SLAB_DIR}/inspect/inspect_test.sh $<TARGET_FILE:slabmark-inspect-${NAME}>)
  add_test(NAME allocator/${NAME}/inspect-replay
    COMMAND ${SLAB_DIR}/inspect/replay_test.sh $<TARGET_FILE:slabmark-inspect-${NAME}>)
endfunction()

# Tests of one thread on virtual CPUs, which have locks unless told otherwise, once more by sequences.
function(slab_tests_by_sequences NAME)
  if(NAME STREQUAL lockedcpu)
    return()
  endif()
  foreach(test IN ITEMS object nodes model rollback calls cache slabinfo)
    add_test(NAME allocator/${NAME}/${test}-rseq COMMAND test-${NAME}-${test})
    set_tests_properties(allocator/${NAME}/${test}-rseq PROPERTIES WORKING_DIRECTORY ${SLAB_DIR}/testdata
      SKIP_RETURN_CODE 77 ENVIRONMENT SLAB_OPTIONS=percpu=rseq)
  endforeach()
endfunction()

function(add_peer_tests NAME)
  if(BUILD_TESTING)
    slab_test(${NAME} peers/peer)
    slab_test(${NAME} linux/linux ${SLAB_TEST_SOURCES_linux})
  endif()
endfunction()

# The fast path as it is compiled: one function of reviewed code a compiler.
function(add_fast_path_test)
  string(REGEX MATCH "^[0-9]+" version ${CMAKE_C_COMPILER_VERSION})
  string(TOLOWER ${CMAKE_C_COMPILER_ID} compiler)
  string(REPLACE gnu gcc compiler ${compiler})
  if(NOT CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo OR SLABMARK_SANITIZE OR CMAKE_C_FLAGS)
    set(version ${version}-with-other-flags)
  endif()
  add_test(NAME allocator/fast-path COMMAND ${SLAB_DIR}/fast_path_test.sh
    ${compiler}-${version}-${CMAKE_SYSTEM_PROCESSOR} $<TARGET_FILE:slab-default-static>)
  set_tests_properties(allocator/fast-path PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

# The headers in C++: the code that the C tests run, too.
function(add_linux_cxx_test)
  add_executable(test-linux-cxx ${SLAB_DIR}/linux/linux_cxx_test.cc)
  target_include_directories(test-linux-cxx PRIVATE ${SLAB_DIR})
  target_link_libraries(test-linux-cxx PRIVATE slab-default-static)
  add_test(NAME allocator/linux-cxx COMMAND test-linux-cxx)
endfunction()

if(BUILD_TESTING)
  add_fast_path_test()
  add_linux_cxx_test()
  add_subdirectory(questions) # what QUESTIONS.md shows is what comes out
endif()
