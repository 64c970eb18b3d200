# Exports read by the tools they are for; each is skipped where its tool is not installed (ci/setup --full has most).
foreach(tool compare.py benchcmp benchstat promtool prometheus-client junitparser xmllint jsonschema python-csv asv lnt otava)
  add_test(NAME harness.export-${tool}
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/export_tools_test.sh $<TARGET_FILE:slabmark> ${tool})
  set_tests_properties(harness.export-${tool} PROPERTIES SKIP_RETURN_CODE 77)
endforeach()
