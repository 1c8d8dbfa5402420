#pragma once

#include "core/enrollment/start_rule.h"
#include "core/station/slot_devices.h"

namespace enroll::station {

/// How the test in a slot starts.
enum class StartBy {
    Key,
    Label,  ///< the scan of its label, which nobody scanned yet; or the key
    Itself, ///< as soon as its device is there
    Answer, ///< its device is doubted, or will be when it comes: by somebody who looked at it, and means this slot
};

/// Which slots start by themselves, by the rules of `[station] start`. A value without a thread, a clock or a device.
///
/// Present. A slot starts when its serial number and its device are both there.
///
/// Scan. As present, but only within kDeviceTime of the scan: a test that nobody waits for any more starts nothing.
///
/// Key. None does.
///
/// Where the device itself said its serial number, "scan" waits for its label.
///
/// A device that is doubted (SlotDevices) starts nothing.
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
    void taken(Time now);
    /// The serial number in hand has its slot now, because its device came.
    void placed(enrollment::SlotNumber slot) { m_waiting[slot] = m_hand; }
    /// \p slot has the serial number that its device says.
    void announced(enrollment::SlotNumber slot);
    /// A serial number was bound to \p slot \p now. \p mayBeIn: its device may have been in before, unseen.
    void bound(enrollment::SlotNumber slot, Time now, bool mayBeIn);
    /// Nothing starts in \p slot before a look that began after the scan: another device may have come just now.
    void lookFirst(enrollment::SlotNumber slot) { m_waiting[slot].looksFirst = true; }
    [[nodiscard]] bool looksFirst(enrollment::SlotNumber slot) const
    {
        const auto known = m_waiting.find(slot);
        return known != m_waiting.end() && known->second.looksFirst;
    }
    /// The device whose label was scanned latest may not be the one that comes next: the scan was refused, its serial number
    /// taken away, or a test lost its device.
    void unsettle() { m_turn = {}; }
    /// Somebody else works at the station: what waits was scanned by who is gone, and waits for the key, or for its label to be
    /// scanned again.
    void changeHands() { m_waiting.clear(); }
    void saw(const Look& look);

    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    /// The device that appears now in \p slot came for the serial number that waits there: it was scanned latest, and a
    /// look since did not find a device, unless that may have been in.
    [[nodiscard]] bool expectsDevice(enrollment::SlotNumber slot) const;
    /// One that appears now in \p slot, which has no serial number, is not that of a label that was scanned.
    [[nodiscard]] bool isNew(enrollment::SlotNumber slot) const
    {
        return m_turn.settled && m_turn.seenEmpty.contains(slot);
    }

    /// A serial number that is bound to \p slot now is that of such a device, even if no look has found it yet.
    [[nodiscard]] bool takesUnseen(enrollment::SlotNumber slot) const
    {
        return m_rule == enrollment::StartRule::Scan && isNew(slot);
    }

    [[nodiscard]] std::vector<enrollment::SlotNumber> due(const SlotDevices& devices, Time now) const;
    /// The serial numbers whose device did not come in time, each once. They wait for the key from here on.
    std::vector<enrollment::SerialNumber> late(const SlotStates& states,
                                               const std::optional<enrollment::SerialNumber>& inHand, Time now);

    /// Of a slot with a serial number. \p othersMayCome: its device may be one that is in another slot, or the other way round.
    [[nodiscard]] StartBy startOf(enrollment::SlotNumber slot, const SlotDevices& devices, bool othersMayCome) const;

    bool operator==(const SelfStart&) const = default;

private:
    struct Waiting {
        Time until{};
        bool late = false;
        bool unscanned = false; ///< its device said it
        bool looksFirst = false;
        bool operator==(const Waiting&) const = default;
    };
    /// What the latest scan was about.
    struct Turn {
        std::optional<enrollment::SlotNumber> slot = {};
        bool settled = false;
        std::set<enrollment::SlotNumber> seenEmpty = {}; ///< since the scan
        bool mayBeIn = false;                            ///< the device that is meant was there before it
        bool operator==(const Turn&) const = default;
    };
    bool turnsLate(Waiting& waiting, Time now) const;

    enrollment::StartRule m_rule;
    std::chrono::milliseconds m_deviceTime;
    std::map<enrollment::SlotNumber, Waiting> m_waiting;
    Waiting m_hand;
    Turn m_turn{.settled = true};
};

} // namespace enroll::station
