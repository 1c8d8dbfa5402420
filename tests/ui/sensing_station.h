#pragma once

#include "tests/ui/station_window.h"

#include <array>
#include <atomic>

namespace enroll::test {

/// Which of the slots 1 to 4 hold a device: the test says so, and a thread of the station senses it.
class SensedDevices {
public:
    SensedDevices() = default;
    explicit SensedDevices(std::initializer_list<int> slots)
    {
        for (const auto slot : slots) {
            in(slot) = true;
        }
    }

    /// A device is in \p slot. Any thread.
    std::atomic<bool>& in(int slot) { return m_inside.at(static_cast<std::size_t>(slot)); }
    /// Lives no longer than this object.
    [[nodiscard]] ::enroll::station::PresenceProbe probe() const
    {
        return [this](enrollment::SlotNumber slot, const std::stop_token&) -> std::optional<bool> {
            return m_inside.at(static_cast<std::size_t>(slot.value)).load();
        };
    }

private:
    std::array<std::atomic<bool>, 5> m_inside{};
};

/// How a station that senses its devices pairs and starts.
struct SensingRules {
    enrollment::PairingRule pairing = enrollment::PairingRule::Insert;
    ::enroll::station::SelfStart start{enrollment::StartRule::Key};
};

/// A window whose slots sense whether a device is in. What is \p inside from the start is doubted: nobody saw it come.
struct SensingStation : SensedDevices, Station { // in this order: the probe ends before what it reads is gone
    explicit SensingStation(int slots, const SensingRules& rules = {}, std::initializer_list<int> inside = {},
                            const station::DeviceTpmFactory& device = stallingDevice)
        : SensedDevices(inside), Station(slots, device, nullptr, "^GX-[0-9]{6}$", rules.pairing, probe(), {},
                                         ui::ThemeChoice::Light, rules.start)
    {}

    [[nodiscard]] bool senses(int slot) const
    {
        return controller->board().presence({slot}) == ::enroll::station::Presence::Present;
    }
    [[nodiscard]] bool runs(int slot) const
    {
        return std::holds_alternative<::enroll::station::SlotRunning>(controller->board().state({slot}));
    }
    /// By the rule "slot-then-serial": binds GX-000181 to slot 1, which holds a doubted device.
    void bindDoubted()
    {
        QTRY_VERIFY_WITH_TIMEOUT(senses(1), kPatience);
        scan(QStringLiteral("SLOT 1"));
        scan(QStringLiteral("GX-000181"));
        QVERIFY(tells(ui::ScanNews::Ready, 1));
        QVERIFY(controller->board().startOf({1}) == ::enroll::station::StartBy::Answer);
    }
};

} // namespace enroll::test
