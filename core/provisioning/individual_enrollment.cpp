#include "core/provisioning/individual_enrollment.h"

#include "core/base/text.h"

namespace enroll::provisioning {

std::string_view provisioningStatusText(ProvisioningStatus status) noexcept
{
    return status == ProvisioningStatus::Enabled ? "enabled" : "disabled";
}

std::string_view bulkModeText(BulkMode mode) noexcept
{
    switch (mode) {
    case BulkMode::Create:
        return "create";
    case BulkMode::Update:
        return "update";
    case BulkMode::UpdateIfMatchEtag:
        return "updateIfMatchETag";
    case BulkMode::Delete:
        return "delete";
    }
    return "create";
}

std::optional<BulkMode> bulkModeFromText(std::string_view text) noexcept
{
    for (const auto mode : {BulkMode::Create, BulkMode::Update, BulkMode::UpdateIfMatchEtag, BulkMode::Delete}) {
        if (equalWithoutCase(bulkModeText(mode), text)) {
            return mode;
        }
    }
    return std::nullopt;
}

} // namespace enroll::provisioning
