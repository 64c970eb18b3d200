// SPDX-License-Identifier: GPL-2.0-or-later
// What this program was built from and with. Static storage.
#ifndef HARNESS_MEASURED_BUILD_INFO_H
#define HARNESS_MEASURED_BUILD_INFO_H

struct build_info {
	const char *version;
	const char *commit; // 12 digits, "-dirty" with changes that aren't committed; "unknown"
	const char *compiler; // name and version
	const char *compiler_flags; // as CMake passes them, without paths and definitions
	const char *build_type;
};

extern const struct build_info build_info;

#endif
