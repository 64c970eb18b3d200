// SPDX-License-Identifier: GPL-2.0-or-later
// The files of site/ as they were when the program was built: carried inside it, so that nothing
// has to be found when it runs.
#ifndef RESULTS_SITE_ASSETS_H
#define RESULTS_SITE_ASSETS_H

extern const char asset_index_html[], asset_index_html_end[];
extern const char asset_style_css[], asset_style_css_end[];
extern const char asset_page_js[], asset_page_js_end[];

#endif
