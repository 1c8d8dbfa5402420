#include "core/provisioning/registration_state.h"

#include <array>
#include <utility>

namespace enroll::provisioning {
namespace {

using namespace std::string_view_literals;

constexpr std::array kStatuses{
    std::pair{RegistrationStatus::Unassigned, "unassigned"sv}, std::pair{RegistrationStatus::Assigning, "assigning"sv},
    std::pair{RegistrationStatus::Assigned, "assigned"sv},     std::pair{RegistrationStatus::Failed, "failed"sv},
    std::pair{RegistrationStatus::Disabled, "disabled"sv},
};

constexpr std::array kSubstatuses{
    std::pair{RegistrationSubstatus::InitialAssignment, "initialAssignment"sv},
    std::pair{RegistrationSubstatus::DeviceDataMigrated, "deviceDataMigrated"sv},
    std::pair{RegistrationSubstatus::DeviceDataReset, "deviceDataReset"sv},
    std::pair{RegistrationSubstatus::ReprovisionedToInitialAssignment, "reprovisionedToInitialAssignment"sv},
};

template <class Table, class Value>
std::string_view textOf(const Table& table, Value value) noexcept
{
    for (const auto& [candidate, text] : table) {
        if (candidate == value) {
            return text;
        }
    }
    return table.front().second;
}

template <class Value, class Table>
std::optional<Value> valueOf(const Table& table, std::string_view text) noexcept
{
    for (const auto& [value, candidate] : table) {
        if (candidate == text) {
            return value;
        }
    }
    return std::nullopt;
}

} // namespace

std::string_view registrationStatusText(RegistrationStatus status) noexcept
{
    return textOf(kStatuses, status);
}

std::optional<RegistrationStatus> registrationStatusFromText(std::string_view text) noexcept
{
    return valueOf<RegistrationStatus>(kStatuses, text);
}

std::string_view registrationSubstatusText(RegistrationSubstatus substatus) noexcept
{
    return textOf(kSubstatuses, substatus);
}

std::optional<RegistrationSubstatus> registrationSubstatusFromText(std::string_view text) noexcept
{
    return valueOf<RegistrationSubstatus>(kSubstatuses, text);
}

} // namespace enroll::provisioning
