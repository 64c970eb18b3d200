// SPDX-License-Identifier: GPL-2.0-or-later
// Takes the site's own files into the program with the assembler's .incbin; C11 has no #embed. CMake
// makes this file depend on them and defines where they are: the frame as it stands in page/, the
// style and the script as the bundler made them.
#include "assets.h"

// clang-format off
#define ASSET(symbol, file)                                          \
	__asm__(".pushsection .rodata, \"a\"\n"                      \
		".globl " #symbol "\n" ".hidden " #symbol "\n"       \
		".globl " #symbol "_end\n" ".hidden " #symbol "_end\n" \
		#symbol ":\n"                                        \
		".incbin \"" file "\"\n"                             \
		#symbol "_end:\n"                                    \
		".byte 0\n"                                          \
		".popsection\n")
// clang-format on

ASSET(asset_index_html, SITE_SOURCE "/page/index.html");
ASSET(asset_style_css, SITE_BUNDLE "/style.css");
ASSET(asset_slabmark_js, SITE_BUNDLE "/slabmark.js");
ASSET(asset_style_digest, SITE_BUNDLE "/style.css.digest");
ASSET(asset_script_digest, SITE_BUNDLE "/slabmark.js.digest");
ASSET(asset_grafana_json, SITE_SOURCE "/grafana.json");
