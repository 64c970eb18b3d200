# Debian's man pages are compressed. CPack calls this before it packs what it has gathered.
file(GLOB_RECURSE pages ${CPACK_TEMPORARY_DIRECTORY}/*.[0-9])
foreach(page IN LISTS pages)
  if(page MATCHES "/man/man[0-9]/")
    execute_process(COMMAND gzip --no-name --best ${page} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
