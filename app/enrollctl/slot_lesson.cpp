#include "app/enrollctl/slot_lesson.h"

namespace enroll::app::enrollctl {

SlotLesson::Answer SlotLesson::look(const Plugged& now, const std::map<std::string, int>& others)
{
    std::set<std::string> fresh;
    for (const auto& [port, device] : now) {
        const auto before = m_before.find(port);
        if (before == m_before.end() || before->second != device) {
            fresh.insert(port);
        }
    }
    std::erase_if(m_before, [&now](const auto& one) { return !now.contains(one.first); });
    if (fresh.empty()) {
        return Nothing{};
    }
    if (fresh.size() > 1) {
        m_before = now;
        return Several{std::move(fresh)};
    }
    const auto port = *fresh.begin();
    if (const auto known = others.find(port); known != others.end()) {
        m_before = now;
        return OfAnotherSlot{port, known->second};
    }
    return Learnt{port};
}

} // namespace enroll::app::enrollctl
