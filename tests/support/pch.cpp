// SPDX-License-Identifier: BSL-1.0
// The source for which the precompiled header is made.
