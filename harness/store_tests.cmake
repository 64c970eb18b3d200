# Tests of the store as the command line's users meet it: `slabmark db`, and a store whose writers are killed.
add_test(NAME harness.db COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/command_db_test.sh $<TARGET_FILE:slabmark>)
set_property(TEST harness.db PROPERTY ENVIRONMENT_MODIFICATION SLABMARK_TEST_POSTGRES=unset:)
add_test(NAME harness.db_postgres
  COMMAND ${CMAKE_SOURCE_DIR}/ci/postgres --skip -- ${CMAKE_CURRENT_SOURCE_DIR}/command_db_test.sh $<TARGET_FILE:slabmark>)
set_tests_properties(harness.db_postgres PROPERTIES SKIP_RETURN_CODE 77)

# Ten kills each, of a seed of their own every time; ci/test --full has two hundred.
add_test(NAME harness.kill COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/kill_test.sh
  $<TARGET_FILE:slabmark> ${CMAKE_CURRENT_SOURCE_DIR}/fake_program.sh 10)
set_property(TEST harness.kill PROPERTY ENVIRONMENT_MODIFICATION SLABMARK_TEST_POSTGRES=unset:)
add_test(NAME harness.kill_postgres COMMAND ${CMAKE_SOURCE_DIR}/ci/postgres --skip -- ${CMAKE_CURRENT_SOURCE_DIR}/kill_test.sh
  $<TARGET_FILE:slabmark> ${CMAKE_CURRENT_SOURCE_DIR}/fake_program.sh 10)
set_tests_properties(harness.kill_postgres PROPERTIES SKIP_RETURN_CODE 77)
