# What turns a comparison into a decision: looks that spend alpha, the machine's own margin, the gate.
target_sources(results PRIVATE sequential.c)

if(BUILD_TESTING)
  add_executable(results-sequential-test sequential_test.c)
  target_link_libraries(results-sequential-test PRIVATE results PkgConfig::GSL PkgConfig::CMOCKA m)
  add_test(NAME results.sequential COMMAND results-sequential-test)
endif()
