# Sessions that look at their results, and what is decided by them.
target_sources(command_line PRIVATE confirmation.c duration.c program_copy.c record.c until.c)
target_sources(slabmark PRIVATE command_calibrate.c command_gate.c)

# What the machine is, as measured programs see it.
target_sources(slabmark PRIVATE command_doctor.c doctor.c machine.c placement.c)
target_link_libraries(slabmark PRIVATE PkgConfig::HWLOC PkgConfig::XXHASH)

if(BUILD_TESTING)
  add_test(NAME harness.deciding COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/deciding_test.sh
    $<TARGET_FILE:slabmark> ${CMAKE_CURRENT_SOURCE_DIR}/fake_program.sh)
  add_test(NAME harness.exact COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/exact_test.sh $<TARGET_FILE:slabmark>)
  add_executable(harness-doctor-test doctor_test.c doctor.c machine.c ../results/fingerprint.c)
  target_link_libraries(harness-doctor-test PRIVATE PkgConfig::CMOCKA PkgConfig::HWLOC PkgConfig::XXHASH)
  add_test(NAME harness.doctor COMMAND harness-doctor-test)
endif()
