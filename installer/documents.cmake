# Manual page and completions of each program, of what its own --help says as the build ends.
set(documents_directory ${CMAKE_CURRENT_BINARY_DIR}/documents)
file(GLOB document_writers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/documents/*)
set(documents)
foreach(program IN LISTS ENROLL_PROGRAMS)
    set(written ${documents_directory}/${program}.1.gz ${documents_directory}/${program}.bash ${documents_directory}/_${program})
    add_custom_command(OUTPUT ${written}
        COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/documents/write_documents
                $<TARGET_FILE:${program}> ${PROJECT_VERSION} ${documents_directory} ${ENROLL_PROGRAMS}
        DEPENDS ${program} ${document_writers}
        COMMENT "Manual page and completions of ${program}"
        VERBATIM)
    list(APPEND documents ${written})
    install(FILES ${documents_directory}/${program}.1.gz DESTINATION share/man/man1 COMPONENT ${program})
    install(FILES ${documents_directory}/${program}.bash DESTINATION share/bash-completion/completions RENAME ${program}
        COMPONENT ${program})
    install(FILES ${documents_directory}/_${program} DESTINATION share/zsh/vendor-completions COMPONENT ${program})
endforeach()
add_custom_target(documents ALL DEPENDS ${documents})
