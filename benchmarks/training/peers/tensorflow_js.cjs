// TensorFlow.js in Node, on its backend in JavaScript: the process of this peer, as process.py describes it.
"use strict";

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { performance } = require("perf_hooks");
const project = require("module").createRequire(path.join(process.cwd(), "index.js"));
console.log = console.warn = console.info = () => {}; // what a library prints is no answer
const tf = project("@tensorflow/tfjs");

function array(folder, name, Kind) {
  const bytes = fs.readFileSync(path.join(folder, name));
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function read(folder) {
  const task = JSON.parse(fs.readFileSync(path.join(folder, "task.json"), "utf8"));
  const floats = (name) => Float32Array.from(array(folder, `${name}.f64`, Float64Array));
  const inputs = task.layers[0].inputs;
  const rows = (part) => {
    const target = floats(`${part}_target`);
    return [tf.tensor2d(floats(`${part}_features`), [target.length, inputs]), tf.tensor2d(target, [target.length, 1])];
  };
  return {
    ...task, train: rows("train"), validation: rows("validation"), weights: floats("weights"),
    orders: array(folder, "orders.i32", Int32Array),
  };
}

function built(task) {
  const model = tf.sequential();
  const weights = [];
  let start = 0;
  const next = (shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    weights.push(tf.tensor(task.weights.slice(start, start += size), shape));
  };
  task.layers.forEach(({ inputs, units, activation }, at) => {
    model.add(tf.layers.dense({ units, activation, ...(at === 0 && { inputShape: [inputs] }) }));
    next([inputs, units]);
    next([units]);
  });
  model.setWeights(weights);
  model.compile({ optimizer: tf.train.sgd(task.settings.learning_rate), loss: "meanSquaredError" });
  return model;
}

async function train(task) {
  const model = built(task);
  const [x, y] = task.train;
  const rows = x.shape[0];
  const result = { training_loss: [], validation_loss: [], states: 0, weights: [] };
  const record = async () => {
    result.weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    result.states += 1;
  };
  const when = task.layers.length === 1 ? "onBatchEnd" : "onEpochEnd";
  for (let epoch = 0; epoch < task.settings.epochs; epoch += 1) {
    const order = tf.tensor1d(task.orders.subarray(epoch * rows, (epoch + 1) * rows), "int32");
    const shuffled = [x.gather(order), y.gather(order)];
    const { history } = await model.fit(...shuffled, {
      batchSize: task.settings.batch_size, epochs: 1, shuffle: false, verbose: 0, yieldEvery: "never",
      validationData: task.validation, callbacks: { [when]: record },
    });
    result.training_loss.push(history.loss[0]);
    result.validation_loss.push(history.val_loss[0]);
    tf.dispose([order, ...shuffled]);
  }
  model.dispose();
  return result;
}

async function main() {
  process.stdout.write("{}\n");
  let known, task;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { folder } = JSON.parse(line);
    if (folder !== known) [known, task] = [folder, read(folder)];
    const began = performance.now();
    const result = await train(task);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`${JSON.stringify({ seconds, ...result })}\n`);
  }
}

main();
