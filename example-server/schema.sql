-- The tables of this app. Those of its sessions: npx miniprogram-session-server schema mysql
CREATE TABLE IF NOT EXISTS app_user (
  id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  -- Namespace, app and openid, as bytes: openids differ by case only.
  account VARBINARY(255) NOT NULL UNIQUE,
  nickname VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
  avatar VARCHAR(255) CHARACTER SET ascii NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS app_order (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
  user_id CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(100) CHARACTER SET utf8mb4 NOT NULL,
  amount INT NOT NULL,
  created_at BIGINT NOT NULL,
  idempotency_key VARBINARY(128) NULL,
  -- One order for one key, however often it is sent. Orders without a key are not compared.
  UNIQUE KEY app_order_key (user_id, idempotency_key),
  KEY app_order_user (user_id, seq)
) ENGINE=InnoDB;
