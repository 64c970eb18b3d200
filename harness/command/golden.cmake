# Compares what slabmark's help says with harness/command/golden/*.txt; with -DREFRESH=ON writes these files anew.
# Call: cmake -DSLABMARK=<program> [-DREFRESH=ON] -P golden.cmake
set(golden ${CMAKE_CURRENT_LIST_DIR}/golden)

# Sets `output` to what `slabmark <words>` prints; it must succeed and keep silent otherwise.
function(help_of output)
  execute_process(COMMAND ${SLABMARK} ${ARGN}
    OUTPUT_VARIABLE text ERROR_VARIABLE errors RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR errors)
    message(FATAL_ERROR "${SLABMARK} ${ARGN}: status ${status}: ${errors}")
  endif()
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

function(check name text)
  if(REFRESH)
    file(WRITE ${golden}/${name}.txt "${text}")
    return()
  endif()
  set(kept "")
  if(EXISTS ${golden}/${name}.txt)
    file(READ ${golden}/${name}.txt kept)
  endif()
  if(NOT kept STREQUAL text)
    message(SEND_ERROR "the help in harness/command/golden/${name}.txt is another; slabmark now says:\n${text}\n"
      "If it should: cmake -DSLABMARK=${SLABMARK} -DREFRESH=ON -P harness/command/golden.cmake")
  endif()
endfunction()

help_of(help --help)
check(slabmark "${help}")

# The commands, as the help lists them.
string(REGEX REPLACE ".*\nCommands:\n" "\n" commands "${help}")
string(REGEX REPLACE "\n\n.*" "\n" commands "${commands}")
string(REGEX MATCHALL "\n  [a-z]+" commands "${commands}")
foreach(command IN LISTS commands)
  string(STRIP "${command}" command)
  list(APPEND names ${command}.txt)
  help_of(help ${command} --help)
  check(${command} "${help}")
  help_of(again help ${command})
  if(NOT again STREQUAL help)
    message(SEND_ERROR "'slabmark help ${command}' and 'slabmark ${command} --help' differ")
  endif()
endforeach()

list(LENGTH names count)
if(count LESS 6)
  message(SEND_ERROR "found only these commands in the help: ${names}")
endif()
file(GLOB files RELATIVE ${golden} ${golden}/*.txt)
list(REMOVE_ITEM files ${names} slabmark.txt)
if(files)
  message(SEND_ERROR "no command has the help in ${files}")
endif()
