# Fuzz targets of the parsers, in the manner of allocator/fuzz: with SLABMARK_FUZZ each becomes fuzz-TARGET, linked with
# libFuzzer; without it the same code is a test that runs the corpus. Included by harness, whose reader of Google
# Benchmark's JSON stands before two of them.

foreach(target compare csv history import)
  set(sources fuzz/target.c fuzz/${target}.c)
  list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/results/)
  if(SLABMARK_FUZZ)
    add_executable(fuzz-${target} ${sources})
    target_link_options(fuzz-${target} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz-${target} PRIVATE command_line PkgConfig::SQLITE)
    add_dependencies(fuzz fuzz-${target})
  elseif(BUILD_TESTING)
    # standalone.c finds our fuzz/target.h, not the allocator's.
    add_executable(results-fuzz-${target} ${sources} ${CMAKE_SOURCE_DIR}/allocator/fuzz/standalone.c)
    target_link_libraries(results-fuzz-${target} PRIVATE command_line PkgConfig::SQLITE)
    file(GLOB inputs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/results/fuzz/corpus/${target}/*)
    add_test(NAME results.fuzz-${target} COMMAND results-fuzz-${target} ${inputs})
  endif()
endforeach()
