// SPDX-License-Identifier: GPL-2.0-or-later
// Which sanitizer a build has: gcc and clang say so in different words.
#ifndef SLAB_HOST_SANITIZER_H
#define SLAB_HOST_SANITIZER_H

#if defined(__SANITIZE_THREAD__)
#define HAS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HAS_THREAD_SANITIZER 1
#endif
#endif
#ifndef HAS_THREAD_SANITIZER
#define HAS_THREAD_SANITIZER 0
#endif

#endif
