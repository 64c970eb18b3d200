# What turns a comparison into a decision: looks that spend alpha, the machine's own margin, the gate.
target_sources(results PRIVATE calibration.c calibration_store.c calibration_text.c exact.c gate.c gate_accepted.c
  gate_baseline.c gate_exact.c gate_show.c sequential.c sequential_session.c)

if(BUILD_TESTING)
  add_executable(results-sequential-test sequential_test.c)
  target_link_libraries(results-sequential-test PRIVATE results PkgConfig::GSL PkgConfig::CMOCKA m)
  add_test(NAME results.sequential COMMAND results-sequential-test)

  add_executable(results-calibration-test calibration_test.c)
  target_link_libraries(results-calibration-test PRIVATE made_results)
  add_test(NAME results.calibration COMMAND results-calibration-test)
endif()
