# The CMake package slab: slab::slab-CONFIG (shared) and slab::slab-CONFIG-static.
include("${CMAKE_CURRENT_LIST_DIR}/slab-targets.cmake")

# A program takes its fast path from libslab-CONFIG_nonshared.a: the text libslab-CONFIG.so beside the library says so to
# the linker.
get_property(slab_targets DIRECTORY PROPERTY IMPORTED_TARGETS)
list(FILTER slab_targets INCLUDE REGEX "^slab::slab-")
foreach(slab_target IN LISTS slab_targets)
  get_target_property(slab_type ${slab_target} TYPE)
  get_target_property(slab_builds ${slab_target} IMPORTED_CONFIGURATIONS)
  foreach(slab_build IN LISTS slab_builds)
    get_target_property(slab_file ${slab_target} IMPORTED_LOCATION_${slab_build})
    string(REGEX REPLACE "[.]so[.].*" ".so" slab_script "${slab_file}")
    if(slab_type STREQUAL SHARED_LIBRARY AND EXISTS "${slab_script}")
      set_target_properties(${slab_target} PROPERTIES IMPORTED_LOCATION_${slab_build} "${slab_script}")
    endif()
  endforeach()
endforeach()
