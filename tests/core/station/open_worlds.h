#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace enroll::test {

/// Worlds from which a walk still goes on: each once, in the order in which they were added, until so many were.
/// \tparam Step  a world, or what converts to one and says how it was reached
template <class Step, class World = Step>
class OpenWorlds {
public:
    /// Tells worlds apart quickly; those with equal keys are compared as a whole.
    using KeyOf = std::string (*)(const World&);

    explicit OpenWorlds(KeyOf keyOf, std::size_t most = std::numeric_limits<std::size_t>::max())
        : m_keyOf(keyOf), m_most(most)
    {}

    /// Nothing changes if its world was added before, or enough were.
    void add(Step step)
    {
        if (m_count == m_most) {
            return;
        }
        const auto& world = static_cast<const World&>(step);
        auto& known = m_known[m_keyOf(world)];
        if (std::ranges::find(known, world) == known.end()) {
            known.push_back(world);
            m_open.push_back(std::move(step));
            ++m_count;
        }
    }
    [[nodiscard]] bool empty() const { return m_open.empty(); }
    /// There is one.
    Step next()
    {
        auto step = std::move(m_open.front());
        m_open.pop_front();
        return step;
    }
    /// How many were added.
    [[nodiscard]] std::size_t count() const { return m_count; }

private:
    KeyOf m_keyOf;
    std::size_t m_most;
    std::map<std::string, std::vector<World>> m_known;
    std::deque<Step> m_open;
    std::size_t m_count = 0;
};

} // namespace enroll::test
