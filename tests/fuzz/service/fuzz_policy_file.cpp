#include "app/service/service_policy.h"
#include "core/base/bytes.h"
#include "core/base/service_code.h"

#include <cstdlib>

/// Policies that are read have a name and usable keys, and are written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto policies =
        app::service::policiesFromJson({reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)});
    if (!policies.ok()) {
        return policies.error().code == ServiceCode::FileUnusable ? 0 : (std::abort(), 0);
    }
    const auto again = app::service::policiesFromJson(app::service::toJson(*policies));
    if (policies->empty() || !again.ok() || again->size() != policies->size()) {
        std::abort();
    }
    for (std::size_t i = 0; i < policies->size(); ++i) {
        const auto& before = policies->at(i);
        const auto& after = again->at(i);
        if (before.name.empty() || before.name != after.name || before.rights != after.rights ||
            before.primaryKey.view().size() < 16 || !equalBytes(before.primaryKey.view(), after.primaryKey.view()) ||
            !equalBytes(before.secondaryKey.view(), after.secondaryKey.view())) {
            std::abort();
        }
    }
    return 0;
}
