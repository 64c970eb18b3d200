# Tests of the store: on SQLite files, then on PostgreSQL, with other tests that go through a store.
foreach(NAME counters_text store store_damage store_file store_migration store_postgres store_upkeep store_writer)
  add_executable(results-${NAME}-test ${NAME}_test.c)
  target_link_libraries(results-${NAME}-test PRIVATE made_results)
endforeach()

foreach(NAME counters_text store store_damage store_file store_migration store_upkeep store_writer)
  add_test(NAME results.${NAME} COMMAND results-${NAME}-test)
endforeach()

# Whoever has set the variable for the tests below gets files in these all the same.
foreach(NAME store store_damage store_file store_migration store_upkeep store_writer compare export record history report
    calibration gate gate_baseline gate_exact)
  set_property(TEST results.${NAME} PROPERTY ENVIRONMENT_MODIFICATION SLABMARK_TEST_POSTGRES=unset:)
endforeach()

# ci/postgres starts a server of its own; 77 where none is installed.
add_test(NAME results.postgres
  COMMAND ${CMAKE_SOURCE_DIR}/ci/postgres --skip -- ${CMAKE_CURRENT_SOURCE_DIR}/postgres_test.sh
  $<TARGET_FILE:results-store-test> $<TARGET_FILE:results-store_postgres-test> $<TARGET_FILE:results-store_upkeep-test>
  $<TARGET_FILE:results-store_writer-test>
  $<TARGET_FILE:results-compare-test> $<TARGET_FILE:results-export-test> $<TARGET_FILE:results-record-test>
  $<TARGET_FILE:results-history-test>
  $<TARGET_FILE:results-report-test> $<TARGET_FILE:results-calibration-test> $<TARGET_FILE:results-gate-test>
  $<TARGET_FILE:results-gate_baseline-test> $<TARGET_FILE:results-gate_exact-test>)
set_tests_properties(results.postgres PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)

# Figures for README.md, not a test.
add_executable(results-store-bench store_bench.c)
target_link_libraries(results-store-bench PRIVATE results)
