#pragma once

#include "core/base/error.h"

#include <QMessageBox>

namespace enroll::app::station {

/// Says why there is no station today: the code and its headline, what to do, and what the log says of the cause (that
/// part is English in every language).
class RefusalBox final : public QMessageBox {
    Q_OBJECT

public:
    explicit RefusalBox(const Error& error);
};

} // namespace enroll::app::station
