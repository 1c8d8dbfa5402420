#pragma once

#include <QTest>

#include <functional>
#include <vector>

namespace enroll::test {

/// Does every sequence of \p length of \p acts, each with a line of its own, and calls Line::check() after each act. Ends at
/// the first that fails.
template <class Line>
void doEverySequence(const std::vector<std::function<void(Line&)>>& acts, int length)
{
    const auto count = static_cast<int>(acts.size());
    int all = 1;
    for (int i = 0; i < length; ++i) {
        all *= count;
    }
    for (int which = 0; which < all; ++which) {
        Line line;
        for (int i = 0, rest = which; i < length; ++i, rest /= count) {
            acts[static_cast<std::size_t>(rest % count)](line);
            line.check();
            if (QTest::currentTestFailed()) {
                return;
            }
        }
    }
}

} // namespace enroll::test
