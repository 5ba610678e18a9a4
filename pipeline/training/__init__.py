"""Training with Keras and TensorFlow: the models, the training loop, the `.keras` file."""
