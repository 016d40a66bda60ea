CREATE STREAM IF NOT EXISTS person (id BIGINT, name TEXT, email_address TEXT, credit_card TEXT, city TEXT, state TEXT,
    date_time TIMESTAMP, extra TEXT, WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'person', rate = 1000, event_rate = 1000);
CREATE STREAM IF NOT EXISTS auction (id BIGINT, item_name TEXT, description TEXT, initial_bid BIGINT, reserve BIGINT,
    date_time TIMESTAMP, expires TIMESTAMP, seller BIGINT, category BIGINT, extra TEXT,
    WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'auction', rate = 1000, event_rate = 1000);
CREATE STREAM IF NOT EXISTS bid (auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, date_time TIMESTAMP,
    extra TEXT, WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'bid', rate = 1000, event_rate = 1000);
CREATE VIEW IF NOT EXISTS bids_per_channel AS
  SELECT channel, count(*) AS bids, max(price) AS highest, round(avg(price), 2) AS average
  FROM bid WHERE channel IN ('Apple', 'Baidu', 'Facebook', 'Google') GROUP BY channel;
CREATE VIEW IF NOT EXISTS hot_auctions AS
  SELECT auction, count(*) AS bids, max(price) AS highest FROM bid GROUP BY auction ORDER BY bids DESC, auction LIMIT 10;
CREATE VIEW IF NOT EXISTS bids_per_window AS
  SELECT window_start, window_end, count(*) AS bids, sum(price) AS volume
  FROM TUMBLE(bid, date_time, INTERVAL '10 seconds') GROUP BY window_start, window_end EMIT ON WINDOW CLOSE;
