// SPDX-License-Identifier: GPL-2.0-or-later
// The site's own files as they were when the program was built: carried inside it, so that nothing
// has to be found when it runs. A zero follows each.
#ifndef RESULTS_SITE_ASSETS_H
#define RESULTS_SITE_ASSETS_H

extern const char asset_index_html[], asset_index_html_end[];
extern const char asset_style_css[], asset_style_css_end[];
extern const char asset_slabmark_js[], asset_slabmark_js_end[];
// SHA-256 in base 64, as a Content-Security-Policy names what may stand inline.
extern const char asset_style_digest[], asset_style_digest_end[];
extern const char asset_script_digest[], asset_script_digest_end[];
// A dashboard for Grafana over a store in PostgreSQL.
extern const char asset_grafana_json[], asset_grafana_json_end[];

#endif
