# Fuzz targets. With SLABMARK_FUZZ (the preset fuzz) each becomes fuzz-TARGET-CONFIG, linked with libFuzzer; without it
# the same code is a test that runs the corpus, and all that once failed, in every config.

option(SLABMARK_FUZZ "Build the fuzz targets (clang; SLABMARK_SANITIZE must contain fuzzer-no-link)" OFF)

set(SLAB_FUZZ_DIR ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "")
set(SLAB_FUZZ_TARGETS replay geometry options slabinfo CACHE INTERNAL "")
set(SLAB_FUZZ_SOURCES_replay fuzz/target.c fuzz/report.c fuzz/replay.c fuzz/holdings.c inspect_state.c validity.c
  CACHE INTERNAL "")
set(SLAB_FUZZ_SOURCES_geometry fuzz/target.c fuzz/report.c fuzz/geometry_rows.c inspect_geometry.c CACHE INTERNAL "")
set(SLAB_FUZZ_SOURCES_options fuzz/target.c fuzz/option_words.c CACHE INTERNAL "")
set(SLAB_FUZZ_SOURCES_slabinfo fuzz/target.c fuzz/report.c fuzz/slabinfo_lines.c validity.c CACHE INTERNAL "")
set(SLAB_FUZZ_MUTATOR_replay fuzz/trace_mutator.c CACHE INTERNAL "")

if(SLABMARK_FUZZ)
  add_custom_target(fuzz)
endif()

# What only watches is not worth exploring. Called where the targets are made: the property is seen only there.
function(slab_fuzz_leave_out)
  list(TRANSFORM ARGN PREPEND ${SLAB_DIR}/)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=fuzzer-no-link)
endfunction()

# Makes PROGRAM from a target's sources and those given.
function(slab_fuzz_program PROGRAM TARGET NAME)
  set(sources ${SLAB_FUZZ_SOURCES_${TARGET}} ${ARGN})
  list(TRANSFORM sources PREPEND ${SLAB_DIR}/)
  add_executable(${PROGRAM} ${sources})
  slab_compile_settings(${PROGRAM} ${NAME})
  target_link_libraries(${PROGRAM} PRIVATE slab-traces slab-${NAME}-static PkgConfig::URCU)
endfunction()

# The same traces once for each other machine that some are of; a process has one machine.
function(slab_fuzz_other_machines NAME PROGRAM)
  foreach(machine 1x1 1x4 2x4 4x1)
    add_test(NAME allocator/${NAME}/fuzz-replay-${machine} COMMAND ${PROGRAM} ${ARGN})
    set_tests_properties(allocator/${NAME}/fuzz-replay-${machine} PROPERTIES
      ENVIRONMENT SLABMARK_FUZZ_MACHINE=${machine})
  endforeach()
endfunction()

function(add_slab_fuzz NAME)
  if(SLABMARK_FUZZ)
    slab_fuzz_leave_out(fuzz/holdings.c fuzz/target.c fuzz/trace_mutator.c validity.c)
  endif()
  set(targets ${SLAB_FUZZ_TARGETS})
  if(NOT NAME STREQUAL default)
    list(REMOVE_ITEM targets options) # no config changes what an option may be
  endif()
  foreach(target IN LISTS targets)
    if(SLABMARK_FUZZ)
      set(program fuzz-${target}-${NAME})
      slab_fuzz_program(${program} ${target} ${NAME} ${SLAB_FUZZ_MUTATOR_${target}})
      target_link_options(${program} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzz ${program})
    elseif(BUILD_TESTING)
      set(program test-${NAME}-fuzz-${target})
      slab_fuzz_program(${program} ${target} ${NAME} fuzz/standalone.c)
      file(GLOB inputs CONFIGURE_DEPENDS ${SLAB_FUZZ_DIR}/corpus/${target}/* ${SLAB_DIR}/regressions/*.${target})
      if(target STREQUAL replay)
        file(GLOB traces CONFIGURE_DEPENDS ${SLAB_DIR}/testdata/traces*/*.trace ${SLAB_DIR}/regressions/*.trace)
        list(APPEND inputs ${traces})
      endif()
      add_test(NAME allocator/${NAME}/fuzz-${target} COMMAND ${program} ${inputs})
      if(target STREQUAL replay)
        slab_fuzz_other_machines(${NAME} ${program} ${inputs})
      endif()
    endif()
  endforeach()
endfunction()
