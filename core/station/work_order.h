#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <map>
#include <optional>
#include <set>

namespace enroll::station {

/// What a work order that was just taken changed.
struct OrderTaken {
    std::optional<enrollment::BatchId> before;     ///< the order until now; none: there was none
    std::set<enrollment::SerialNumber> keepTheirs; ///< of these an earlier order stays
    bool operator==(const OrderTaken&) const = default;
};

/// For which work order, or batch, the station tests. A value without a thread, a clock or a device.
///
/// - The order that was taken last holds for every serial number that is scanned from then on, over a restart too.
/// - A serial number keeps the order under which it was scanned until its test is over: its device came out of that
///   order's box. One that was scanned while there was none gets the order that holds when its test starts.
/// - Where an order is required no serial number is taken, and nothing starts, without one.
class WorkOrder {
public:
    enum class Need { Optional, Required };

    /// \p kept: the order that was taken before the program started.
    explicit WorkOrder(Need need = Need::Optional, std::optional<enrollment::BatchId> kept = {});

    [[nodiscard]] const std::optional<enrollment::BatchId>& current() const noexcept { return m_current; }
    /// It was taken before the program started, and nobody scanned it since: the line may be at another one.
    [[nodiscard]] bool isFromBefore() const noexcept { return m_fromBefore; }

    /// \par Errors   B-624 if an order is required and there is none
    [[nodiscard]] Result<void> requireOne() const;

    /// \p order holds from now on. \p waiting are the serial numbers that wait or run.
    OrderTaken take(const enrollment::BatchId& order, const std::set<enrollment::SerialNumber>& waiting);

    /// \p serial was scanned, and waits with \p waiting, or runs. Read twice, it keeps the order that it has.
    void scanned(const enrollment::SerialNumber& serial, const std::set<enrollment::SerialNumber>& waiting);
    /// The test of \p serial that was made for \p order is to be repeated.
    void repeats(const enrollment::SerialNumber& serial, const enrollment::BatchId& order);

    /// The order that a test of \p serial is made for now; empty: none.
    [[nodiscard]] enrollment::BatchId orderOf(const enrollment::SerialNumber& serial) const;

    bool operator==(const WorkOrder&) const = default;

private:
    void keepOnly(const std::set<enrollment::SerialNumber>& waiting);

    Need m_need;
    std::optional<enrollment::BatchId> m_current;
    bool m_fromBefore;
    std::map<enrollment::SerialNumber, enrollment::BatchId> m_ofSerials; ///< of those scanned while there was one
};

} // namespace enroll::station
