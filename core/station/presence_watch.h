#pragma once

#include "core/station/sighting.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace enroll::station {

/// Asks whether a device answers in a slot, and by the rule "device-serial" what it says that its serial number is; nothing
/// if that is not certain. Called on threads of the watch; returns within a second or, where a login is needed, a few, and early
/// when stopped. A look ends with its slowest question.
using PresenceProbe = std::function<std::optional<Sighting>(enrollment::SlotNumber, const std::stop_token&)>;

/// What a look found. Slots of which nothing is certain are left out.
struct Looked {
    Sightings found;
    UnclearSlots unclear;
    int hand = 0; ///< the number of the latest PresenceWatch::scanned() before the look began
    std::chrono::steady_clock::time_point at{}; ///< when it ended
};

/// Receives the looks, on the watch's thread. An implementation must not block.
class LookSink {
public:
    virtual ~LookSink() = default;
    virtual void looked(const Looked& looked) = 0;

protected:
    LookSink() = default;
    LookSink(const LookSink&) = default;
    LookSink& operator=(const LookSink&) = default;
};

/// Looks at the slots of a station, once a second, after each scan and when something is plugged in or out, at all of them at the
/// same time. No slot that a run uses is looked at; how often each of the others is asked says LookPace.
///
/// Its thread and those of its questions end with the object, within the time of one question that is told to end.
class PresenceWatch {
public:
    PresenceWatch(std::vector<enrollment::SlotNumber> slots, PresenceProbe probe, LookSink& sink);
    ~PresenceWatch();
    PresenceWatch(const PresenceWatch&) = delete;
    PresenceWatch& operator=(const PresenceWatch&) = delete;

    /// Ends the looks without waiting; the destructor waits.
    void requestStop() noexcept;

    /// Whether a serial number waits for a device.
    void expect(bool device);
    /// LookPace::doubt().
    void doubt(std::set<enrollment::SlotNumber> slots);
    /// A serial number was taken in hand, or put down: a look begins at once. \p hand is greater than the one before.
    void scanned(int hand);
    /// Something was plugged into the station or out of it: a look at every slot begins at once, and another one right behind it,
    /// because a device is gone when two looks miss it.
    void plugged();
    /// No look begins at \p slot from here on, until release(); one under way is told to end. Does not wait.
    void reserve(enrollment::SlotNumber slot);
    /// Waits until no look is at a reserved \p slot; for the slot's own thread.
    void awaitQuiet(enrollment::SlotNumber slot);
    void release(enrollment::SlotNumber slot);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::station
