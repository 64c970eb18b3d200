# A copy of every test for each config. A test that does not apply to a config says so and is skipped (77).

function(add_slab_tests NAME)
endfunction()
function(add_peer_tests NAME)
endfunction()
