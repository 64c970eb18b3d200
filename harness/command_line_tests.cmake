# Tests of the command line.

# add_command_line_test(NAME): NAME_test.c, linked with cmocka.
function(add_command_line_test NAME)
  add_executable(harness-${NAME}-test ${NAME}_test.c)
  target_link_libraries(harness-${NAME}-test PRIVATE command_line PkgConfig::CMOCKA)
  add_test(NAME harness.${NAME} COMMAND harness-${NAME}-test ${ARGN})
endfunction()

add_command_line_test(benchmark_json)
add_command_line_test(command_line)
add_command_line_test(nearest)
add_command_line_test(plan)
add_command_line_test(process)
add_command_line_test(progress)
