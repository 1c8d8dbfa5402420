#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>

namespace enroll::app::enrollctl {

/// As transport::usbPortsInUse(): by USB port, such as "1-1.4", what stands for the device there.
using Plugged = std::map<std::string, std::string>;

/// Which USB port belongs to a slot: the one into which somebody plugs a device when he is asked to. A value without a clock.
class SlotLesson {
public:
    /// \p there are the ports in use when somebody is asked for a device: what was in before says nothing of the slot.
    explicit SlotLesson(Plugged there) : m_before(std::move(there)) {}

    struct Nothing {
        bool operator==(const Nothing&) const = default;
    };
    struct Learnt {
        std::string port;
        bool operator==(const Learnt&) const = default;
    };
    struct Several { ///< nobody knows which one is meant: all of them have to be out before one counts again
        std::set<std::string> ports;
        bool operator==(const Several&) const = default;
    };
    struct OfAnotherSlot {
        std::string port;
        int slot = 0;
        bool operator==(const OfAnotherSlot&) const = default;
    };
    using Answer = std::variant<Nothing, Learnt, Several, OfAnotherSlot>;

    /// What the ports in use \p now say. A device that was taken out and plugged in again counts, however quickly.
    /// \param others  the ports of the slots that are known
    Answer look(const Plugged& now, const std::map<std::string, int>& others);

private:
    Plugged m_before;
};

} // namespace enroll::app::enrollctl
