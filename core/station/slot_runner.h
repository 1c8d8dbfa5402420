#pragma once

#include "core/enrollment/enroll_device.h"
#include "core/station/slot_state.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace enroll::station {

/// Takes events of a slot off its thread. Called on the slot's thread; must not block.
class SlotEventSink {
public:
    virtual ~SlotEventSink() = default;
    virtual void slotEvent(enrollment::SlotNumber slot, const SlotEvent& event) = 0;

protected:
    SlotEventSink() = default;
    SlotEventSink(const SlotEventSink&) = default;
    SlotEventSink& operator=(const SlotEventSink&) = default;
};

/// The durable ports of one run. Made on the slot's thread, by a factory the application gives: one SQLite connection a
/// thread.
struct JournalPorts {
    std::unique_ptr<enrollment::EkIndex> ekIndex;
    std::unique_ptr<enrollment::Journal> journal;
};
using JournalFactory = std::function<Result<JournalPorts>()>;
/// Makes the TPM of an order; called on the slot's thread.
using DeviceTpmFactory =
    std::function<Result<std::unique_ptr<attestation::DeviceTpm>>(const enrollment::EnrollmentOrder&, std::stop_token)>;

/// One slot's thread. At most one run at a time; start(), requestStop() and the destructor are called on the owner's
/// thread. Every run ends in the journal, also one that an exception ended, unless the journal itself fails.
///
/// The destructor asks for a stop and joins: within what the TPM of the run needs to release what it holds, 1.8 s at
/// most for one made by makeEsysDeviceTpm(), and the time the journal needs for one commit.
class SlotRunner {
public:
    SlotRunner(enrollment::SlotNumber slot, JournalFactory journal, DeviceTpmFactory tpm, SlotEventSink& sink);
    ~SlotRunner();
    SlotRunner(const SlotRunner&) = delete;
    SlotRunner& operator=(const SlotRunner&) = delete;

    /// Error S-399 if a run is going on, or the system has no thread left for it; the slot is free then.
    Result<void> start(enrollment::EnrollmentOrder order);
    void requestStop() noexcept;
    [[nodiscard]] bool running() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace enroll::station
