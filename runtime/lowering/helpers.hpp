// SPDX-License-Identifier: MIT
// placeholder
#pragma once
