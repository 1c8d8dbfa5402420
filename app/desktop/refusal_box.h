#pragma once

#include "core/base/error.h"

#include <QMessageBox>

namespace enroll::app::desktop {

/// Shows why the station cannot start: code and headline, what to do, and the line of the log. That line is English in
/// every language, and a heading in the person's own says so.
class RefusalBox final : public QMessageBox {
    Q_OBJECT

public:
    explicit RefusalBox(const Error& error);
};

} // namespace enroll::app::desktop
