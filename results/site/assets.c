// SPDX-License-Identifier: GPL-2.0-or-later
// Takes the files of site/ into the program with the assembler's .incbin; C11 has no #embed. CMake
// makes this file depend on them and defines where they are.
#include "assets.h"

// clang-format off
#define ASSET(symbol, file)                                          \
	__asm__(".pushsection .rodata, \"a\"\n"                      \
		".globl " #symbol "\n" ".hidden " #symbol "\n"       \
		".globl " #symbol "_end\n" ".hidden " #symbol "_end\n" \
		#symbol ":\n"                                        \
		".incbin \"" SITE_SOURCE "/" file "\"\n"             \
		#symbol "_end:\n"                                    \
		".byte 0\n"                                          \
		".popsection\n")
// clang-format on

ASSET(asset_index_html, "index.html");
ASSET(asset_style_css, "style.css");
ASSET(asset_page_js, "page.js");
