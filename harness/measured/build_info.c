// SPDX-License-Identifier: GPL-2.0-or-later
// Facts about the build, from CMake. The commit comes from a header that is written at every build
// and changes only when the commit does (build_info.cmake), so that only this file is compiled
// again.
#include "build_info.h"

#include "build_commit.h"

const struct build_info build_info = {
	.version = SLABMARK_VERSION,
	.commit = SLABMARK_COMMIT,
	.compiler = SLABMARK_COMPILER,
	.compiler_flags = SLABMARK_COMPILER_FLAGS,
	.build_type = SLABMARK_BUILD_TYPE,
};
