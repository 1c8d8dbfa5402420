#pragma once

#include "core/enrollment/start_rule.h"
#include "core/station/slot_devices.h"

namespace enroll::station {

/// Why the device that is in a slot may be another one than that of the serial number.
enum class DeviceDoubt {
    None,
    Unsaid, ///< it was in before the scan, and nobody chose the slot
    Old,    ///< the result that the slot showed is of it
};

/// How the test in a slot starts.
enum class StartBy {
    Key,
    Itself,       ///< as soon as its device is there
    AnotherDevice ///< when the device that is in was taken out and one came; or by key
};

/// Which slots start by themselves, by the rules of `[station] start`. A value without a thread, a clock or a device.
///
/// Present. A slot starts when its serial number and its device are both there.
///
/// Scan. As present, but only within kDeviceTime of the scan: a test that nobody waits for any more starts nothing.
///
/// Key. None does.
///
/// A device starts nothing while it may be another one's. That of the result that the slot showed is: it has to leave
/// first. So, by "present", is one that was in the marked slot before the scan: who scans a label has its device in hand.
/// By "scan" the device is put in first, and belongs to the scan, unless somebody took its own serial number away. To
/// choose the slot says whose device is in it. A device left when a look that began after the scan did not find it, and
/// the look before or after did not either: one alone proves nothing.
class SelfStart {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds kDeviceTime{20};

    explicit SelfStart(enrollment::StartRule rule, std::chrono::milliseconds deviceTime = kDeviceTime)
        : m_rule(rule), m_deviceTime(deviceTime)
    {}

    [[nodiscard]] enrollment::StartRule rule() const noexcept { return m_rule; }
    [[nodiscard]] std::chrono::milliseconds deviceTime() const noexcept { return m_deviceTime; }

    /// A serial number was taken in hand \p now.
    void taken(Time now) { m_hand = {now + m_deviceTime, DeviceDoubt::None, 0, false}; }
    /// The serial number in hand has its slot now, because its device came.
    void placed(enrollment::SlotNumber slot) { m_waiting[slot] = m_hand; }
    /// A serial number was bound to \p slot \p now; \p before: what the latest look found there.
    void bound(enrollment::SlotNumber slot, DeviceDoubt doubt, Presence before, Time now);
    /// It was scanned again, and waits there still; \p chosen: by somebody who chose the slot.
    void scannedAgain(enrollment::SlotNumber slot, bool chosen, Time now);

    void saw(const Look& look);
    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    [[nodiscard]] std::vector<enrollment::SlotNumber> due(const SlotStates& states, const SlotDevices& devices,
                                                          Time now) const;
    /// The serial numbers whose device did not come in time, each once. They wait for the key from here on.
    std::vector<enrollment::SerialNumber> late(const SlotStates& states,
                                               const std::optional<enrollment::SerialNumber>& inHand, Time now);

    [[nodiscard]] DeviceDoubt doubt(enrollment::SlotNumber slot) const;
    /// Of a slot with a serial number.
    [[nodiscard]] StartBy startOf(enrollment::SlotNumber slot) const;

    bool operator==(const SelfStart&) const = default;

private:
    struct Waiting {
        Time until{};
        DeviceDoubt doubt = DeviceDoubt::None;
        int looks = 0; ///< that must not find the device before it is known to be out
        bool late = false;
        bool operator==(const Waiting&) const = default;
    };
    bool turnsLate(Waiting& waiting, Time now) const;

    enrollment::StartRule m_rule;
    std::chrono::milliseconds m_deviceTime;
    std::map<enrollment::SlotNumber, Waiting> m_waiting;
    Waiting m_hand;
};

} // namespace enroll::station
