# libslabmalloc: malloc and its family on kmalloc of a config, for LD_PRELOAD; its tests; the larson benchmark.

if(BUILD_TESTING)
  add_executable(test-topology_sysfs ${SLAB_DIR}/host/topology_sysfs_test.c ${SLAB_DIR}/host/topology_sysfs.c
    ${SLAB_DIR}/host/topology.c ${SLAB_DIR}/host/report.c)
  target_include_directories(test-topology_sysfs PRIVATE ${SLAB_DIR} ${SLAB_DIR}/include)
  target_link_libraries(test-topology_sysfs PRIVATE PkgConfig::CMOCKA)
  add_test(NAME allocator/topology_sysfs COMMAND test-topology_sysfs)
endif()
