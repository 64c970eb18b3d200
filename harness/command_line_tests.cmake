# Tests of the command line.

# add_command_line_test(NAME): NAME_test.c, linked with cmocka.
function(add_command_line_test NAME)
  add_executable(harness-${NAME}-test ${NAME}_test.c)
  target_link_libraries(harness-${NAME}-test PRIVATE command_line PkgConfig::CMOCKA)
  add_test(NAME harness.${NAME} COMMAND harness-${NAME}-test ${ARGN})
  # No test waits for time to pass; this only ends one that hangs.
  set_tests_properties(harness.${NAME} PROPERTIES TIMEOUT 300)
endfunction()

add_command_line_test(benchmark_json)
add_command_line_test(command_line)
add_command_line_test(nearest)
add_command_line_test(plan)
add_command_line_test(process)
add_command_line_test(progress)
add_command_line_test(slabmark $<TARGET_FILE:slabmark> ${CMAKE_CURRENT_SOURCE_DIR}/fake_program.sh)
add_dependencies(harness-slabmark-test slabmark)

add_test(NAME harness.compare_files
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/compare_files_test.sh $<TARGET_FILE:slabmark>)
add_test(NAME harness.compare_sides
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/compare_sides_test.sh $<TARGET_FILE:slabmark>)
set_tests_properties(harness.compare_sides PROPERTIES SKIP_RETURN_CODE 77)
add_test(NAME harness.import
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/import_test.sh $<TARGET_FILE:slabmark>)

# What users read is kept in git. After a change on purpose:
#   cmake -DSLABMARK=build/dev/slabmark -DREFRESH=ON -P harness/golden.cmake
add_test(NAME harness.help_golden
  COMMAND ${CMAKE_COMMAND} -DSLABMARK=$<TARGET_FILE:slabmark> -P ${CMAKE_CURRENT_SOURCE_DIR}/golden.cmake)
add_test(NAME harness.help_documents
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/help_documents_test.sh $<TARGET_FILE:slabmark>)
set_tests_properties(harness.help_documents PROPERTIES SKIP_RETURN_CODE 77)
