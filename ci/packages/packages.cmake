# Debian packages by CPack: libslab0 (the allocators), libslab-dev, slabmark (programs, man page, completion). ci/packages/make
# builds and checks them.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME slabmark)
set(CPACK_PACKAGE_VENDOR "The Slabmark maintainers")
set(CPACK_PACKAGE_CONTACT "The Slabmark maintainers <slabmark@example.org>")
set(CPACK_PACKAGE_HOMEPAGE_URL "https://example.org/slabmark")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library dev programs)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/compress.cmake)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libslab0)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "SLAB allocator of Linux 5.10 in user space
 Caches, freelists, colouring, per-CPU, shared and alien arrays, in several
 configs, and a malloc on top of them for LD_PRELOAD.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libslab-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DEPENDS library)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libhwloc-dev, liburcu-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_DEV_DESCRIPTION "SLAB allocator of Linux 5.10 in user space, for development
 Headers, static libraries, modules of pkg-config and a CMake package.")

set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME slabmark)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SUGGESTS "valgrind, linux-perf, git")
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION "how fast a slab allocator is on this NUMA machine
 Measures configs of an allocator, pinned by hwloc and counted by perf
 events, keeps the results, compares them and gates nightly builds.")

# Each package says its licence and its changes.
foreach(package IN ITEMS library:libslab0 dev:libslab-dev programs:slabmark)
  string(REPLACE ":" ";" parts ${package})
  list(GET parts 0 component)
  list(GET parts 1 name)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
  install(FILES ${CMAKE_BINARY_DIR}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name} COMPONENT ${component})
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${CMAKE_BINARY_DIR}/changelog @ONLY)
find_program(GZIP gzip REQUIRED)
execute_process(COMMAND ${GZIP} --no-name --best --force --keep ${CMAKE_BINARY_DIR}/changelog COMMAND_ERROR_IS_FATAL ANY)
include(CPack)
