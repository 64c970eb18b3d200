// SPDX-License-Identifier: GPL-2.0-or-later
// A results tree of asv into a store.
#ifndef RESULTS_EXCHANGE_ASV_FOLDER_H
#define RESULTS_EXCHANGE_ASV_FOLDER_H

#include "import.h"

// Imports every results file of the folder and of the folders in it, by the date of the commit. Each
// file is a session of one process, whose config is that of an export of ours, else asv's
// environment. What a file would be refused for is said, and the others are imported.
// EXIT_NOT_MEASURED: the folder cannot be read; EXIT_WRONG_USE: no results file is in it.
bool asv_folder_import(struct import *import, const char *folder, struct problem *problem);

#endif
