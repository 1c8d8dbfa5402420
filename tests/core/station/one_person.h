#pragma once

#include "core/station/slot_board.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>

namespace enroll::test {

inline constexpr int kSlots = 2;
inline constexpr int kDevices = 3;
inline constexpr std::array kFixture{enrollment::SlotNumber{1}, enrollment::SlotNumber{2}};
inline constexpr std::chrono::hours kInTime{1};

using Device = std::optional<int>; ///< its number; the label under it is serialOf() of that

inline enrollment::SerialNumber labelOf(int device)
{
    return enrollment::SerialNumber{std::string(1, static_cast<char>('A' + device))};
}

inline station::SlotBoard boardOf(enrollment::PairingRule pairing, enrollment::StartRule start)
{
    return station::SlotBoard{{kFixture.begin(), kFixture.end()}, pairing, station::SelfStart{start, kInTime}};
}

/// What a look saw that has not ended yet.
struct Sampled {
    std::map<enrollment::SlotNumber, bool> found;
    bool afterScan = true;
    bool operator==(const Sampled&) const = default;
};

/// Where the scan bar sends a device that came into another slot than its serial number waits in.
struct Sent {
    enrollment::SlotNumber from;
    enrollment::SlotNumber to;
    bool operator==(const Sent&) const = default;
};

/// A fixture, the station before it, and a person with one device at a time: its label is scanned before it is put in, or
/// next after that; once it was tested, it is scanned again before it is put in again. The person gives a device up, puts
/// one into a wrong slot, takes any out, does what the scan bar says of a wrong slot, presses the key for all slots without
/// looking, and that for one having looked. Others may be put in beside it, whose labels are scanned later.
struct World {
    station::SlotBoard board;
    std::array<Device, kSlots> inside{};
    Device hands{};       ///< what the person deals with
    bool scanned = false; ///< its label
    bool chose = false;   ///< a slot for it
    bool tested = false;  ///< since then
    std::set<int> owed{}; ///< put in beside it: their labels are still to be scanned
    bool crowded = false; ///< there were such
    std::optional<Sent> sent{};
    std::optional<Sampled> sampled{};
    station::SelfStart::Time looked{}; ///< of the latest look; begins anew where no slot was missed
    int era = 0;                       ///< how often a long time passed
    std::string wrong{}; ///< a run on a device that has another label, or a scan that was asked for and not taken

    bool operator==(const World&) const = default;

    [[nodiscard]] station::SelfStart::Time now() const { return station::SelfStart::Time{2 * kInTime * era}; }
    [[nodiscard]] Device& in(enrollment::SlotNumber slot)
    {
        return inside.at(static_cast<std::size_t>(slot.value - 1));
    }
    [[nodiscard]] Device in(enrollment::SlotNumber slot) const
    {
        return inside.at(static_cast<std::size_t>(slot.value - 1));
    }
    [[nodiscard]] bool isIn(int device) const { return std::ranges::find(inside, Device{device}) != inside.end(); }
    /// The person may turn to another device: this one is in with its label scanned, or was put aside.
    [[nodiscard]] bool isFree() const { return owed.empty() && (!hands || !isIn(*hands) || scanned); }
    [[nodiscard]] bool mayTake(int device) const { return hands == device || isFree(); }

    void turnTo(int device)
    {
        scanned = hands == device && scanned;
        tested = hands == device && tested;
        hands = device;
    }
    /// \p blind: nobody compared the label.
    void start(enrollment::SlotNumber slot, bool blind)
    {
        const auto serial = station::serialOf(board.state(slot));
        if (blind && in(slot) && labelOf(*in(slot)) != serial) {
            wrong = serial->text() + " ran on " + labelOf(*in(slot)).text() + "'s device";
        }
        tested = tested || (hands && in(slot) == hands);
        board.apply(slot, station::RunStarted{});
    }
    void startDue()
    {
        for (const auto slot : board.due(now())) {
            start(slot, true);
        }
    }
    void look(const std::map<enrollment::SlotNumber, bool>& found, bool afterScan = true)
    {
        looked += std::chrono::seconds{1};
        sent.reset();
        for (const auto& news : board.look({found, afterScan, looked})) {
            const bool sends = news.what == station::SlotNews::What::Misplaced;
            sent = sends ? std::optional{Sent{news.slot, *news.other}} : std::nullopt;
        }
        const bool counts = std::ranges::any_of(found, [this](const auto& entry) {
            return !entry.second &&
                   (board.doubted(entry.first) || board.presence(entry.first) == station::Presence::Present);
        });
        looked = counts ? looked : station::SelfStart::Time{};
        startDue();
    }
    [[nodiscard]] std::map<enrollment::SlotNumber, bool> seen() const
    {
        std::map<enrollment::SlotNumber, bool> found;
        for (const auto slot : kFixture) {
            found[slot] = in(slot).has_value();
        }
        return found;
    }
    void lookFor(std::chrono::seconds time, const std::map<enrollment::SlotNumber, bool>& found)
    {
        for (auto left = time; left > std::chrono::seconds{0}; left -= std::chrono::seconds{1}) {
            look(found);
        }
    }
};

} // namespace enroll::test
