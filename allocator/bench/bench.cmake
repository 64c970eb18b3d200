# Programs that measure a config apart from any workload: slabmark-resident-NAME.
function(add_slab_bench NAME)
  add_executable(slabmark-resident-${NAME} ${SLAB_DIR}/bench/resident.c)
  target_link_libraries(slabmark-resident-${NAME} PRIVATE slab-${NAME}-static)
  install(TARGETS slabmark-resident-${NAME} DESTINATION ${CMAKE_INSTALL_BINDIR})
  # Memory is no question of speed, so that the figure can be a test; a sanitizer's own memory would be counted.
  if(BUILD_TESTING AND NAME STREQUAL default AND NOT SLABMARK_SANITIZE)
    add_test(NAME allocator/${NAME}/resident COMMAND ${SLAB_DIR}/bench/resident_test.sh $<TARGET_FILE:slabmark-resident-${NAME}>)
  endif()
endfunction()
