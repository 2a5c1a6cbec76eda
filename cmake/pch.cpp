// SPDX-License-Identifier: BSL-1.0
// The source for whose sake a precompiled header is made.
