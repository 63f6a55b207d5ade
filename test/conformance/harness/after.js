// SPDX-License-Identifier: MIT
done();
