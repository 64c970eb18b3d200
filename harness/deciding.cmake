# Sessions that look at their results, and what is decided by them.
target_sources(command_line PRIVATE confirmation.c duration.c program_copy.c record.c until.c)
target_sources(slabmark PRIVATE command_calibrate.c command_gate.c)

if(BUILD_TESTING)
  add_test(NAME harness.deciding COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/deciding_test.sh
    $<TARGET_FILE:slabmark> ${CMAKE_CURRENT_SOURCE_DIR}/fake_program.sh)
endif()
