# Writes HEADER with the commit that SOURCE is at; called at every build as
#   cmake -D SOURCE=<tree> -D HEADER=<file> -P build_info.cmake
# The file changes only when the commit does. "unknown" where there is no git or no repository.
cmake_minimum_required(VERSION 3.25)
find_program(GIT git)
set(commit unknown)
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE output RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0 AND output)
    set(commit ${output})
    # --no-optional-locks: a build must not take the index's lock from under somebody's commit.
    execute_process(COMMAND ${GIT} --no-optional-locks -C ${SOURCE} status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes RESULT_VARIABLE status ERROR_QUIET)
    if(changes OR NOT status EQUAL 0)
      string(APPEND commit -dirty)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define SLABMARK_COMMIT \"@commit@\"\n" @ONLY)
