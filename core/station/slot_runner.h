#pragma once

#include "core/enrollment/enroll_device.h"
#include "core/station/slot_memory.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace enroll::station {

/// Receives the events of a slot, on the slot's thread. An implementation must not block: it hands the event to another
/// thread.
class SlotEventSink {
public:
    virtual ~SlotEventSink() = default;
    virtual void slotEvent(enrollment::SlotNumber slot, const SlotEvent& event) = 0;

protected:
    SlotEventSink() = default;
    SlotEventSink(const SlotEventSink&) = default;
    SlotEventSink& operator=(const SlotEventSink&) = default;
};

/// The durable ports of one run. The application's factory makes them on the slot's thread, because an SQLite
/// connection stays on the thread that opened it. One object may be both.
struct JournalPorts {
    std::shared_ptr<enrollment::EkIndex> ekIndex;
    std::shared_ptr<enrollment::Journal> journal;
};
using JournalFactory = std::function<Result<JournalPorts>()>;
/// Makes the TPM of an order; called on the slot's thread.
using DeviceTpmFactory =
    std::function<Result<std::unique_ptr<attestation::DeviceTpm>>(const enrollment::EnrollmentOrder&, std::stop_token)>;

/// Reads what the station trusts now; called on the slot's thread, before the device is opened. Its wait ends at the stop.
using TrustFactory = std::function<Result<crypto::TrustStore>(const std::stop_token&)>;

/// What a run is made of.
struct RunFactories {
    JournalFactory journal;
    DeviceTpmFactory tpm;
    TrustFactory trust = {}; ///< none: the authorities of the order count
    std::shared_ptr<enrollment::ReadKeys> readKeys = std::make_shared<enrollment::ReadKeys>(); ///< of all slots
};

/// The thread of one slot, with at most one run at a time. Call start(), requestStop() and the destructor on one
/// thread, the owner's. Every run is recorded in the journal, also one that an exception ended, unless the journal
/// itself fails. The device of a run that cannot be kept in the memory is not touched: after a crash nobody would know
/// that it was under test.
///
/// The destructor requests a stop and joins the thread. That takes as long as DeviceTpm::release() (1.8 s at most for a
/// TPM of makeEsysDeviceTpm()) and one commit of the journal.
class SlotRunner {
public:
    /// Without \p memory a run is not kept.
    SlotRunner(enrollment::SlotNumber slot, RunFactories factories, SlotEventSink& sink,
               std::shared_ptr<SlotMemory> memory = nullptr);
    ~SlotRunner();
    SlotRunner(const SlotRunner&) = delete;
    SlotRunner& operator=(const SlotRunner&) = delete;

    /// Starts a run on a new thread. Error S-399 if a run is going on, or if the system has no thread left; after the
    /// latter the slot can be started again.
    Result<void> start(enrollment::EnrollmentOrder order);
    void requestStop() noexcept;
    /// That of the run that was started last, under which the journal and the memory have it; none: nothing was. A run that
    /// an exception ended is told under another one, because the journal may hold this one already.
    [[nodiscard]] const std::optional<enrollment::RunId>& runId() const noexcept;
    [[nodiscard]] bool running() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::station
