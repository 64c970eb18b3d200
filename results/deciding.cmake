# What turns a comparison into a decision: looks that spend alpha, the machine's own margin, the gate.
target_sources(results PRIVATE calibration.c calibration_store.c calibration_text.c exact.c gate.c gate_accepted.c
  gate_baseline.c gate_confirm.c gate_exact.c gate_show.c gate_times.c sequential.c sequential_session.c)

if(BUILD_TESTING)
  # These two simulate; --full more of it.
  foreach(NAME alarms sequential)
    add_executable(results-${NAME}-test ${NAME}_test.c)
    target_link_libraries(results-${NAME}-test PRIVATE results PkgConfig::GSL PkgConfig::CMOCKA m)
    add_test(NAME results.${NAME} COMMAND results-${NAME}-test)
  endforeach()

  foreach(NAME calibration gate gate_baseline gate_exact)
    add_executable(results-${NAME}-test ${NAME}_test.c)
    target_link_libraries(results-${NAME}-test PRIVATE made_results)
    add_test(NAME results.${NAME} COMMAND results-${NAME}-test)
  endforeach()
endif()
