# Tests of asv's tree.
add_executable(results-export-asv-test export_asv_test.c)
target_link_libraries(results-export-asv-test PRIVATE made_results)
add_test(NAME results.export_asv COMMAND results-export-asv-test)
