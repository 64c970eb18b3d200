# The experiments of QUESTIONS.md: small programs, and a test that runs them all and compares.

function(slab_question NAME)
  add_executable(question-${NAME} ${SLAB_DIR}/questions/${NAME}.c)
  slab_compile_settings(question-${NAME} default)
  target_link_libraries(question-${NAME} PRIVATE slab-default-static PkgConfig::URCU)
endfunction()

foreach(question holder arrays spread region start)
  slab_question(${question})
endforeach()

add_test(NAME allocator/questions
  COMMAND ${SLAB_DIR}/questions/run $<TARGET_FILE_DIR:question-start> $<TARGET_FILE_DIR:slabmark-inspect-default>
    $<TARGET_FILE_DIR:slabmark-inspect-debug>)
